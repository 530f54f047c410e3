import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { Job } from '@/api/types'
import { keep, kept } from './keep'

export const jobEnded = (job: Pick<Job, 'state'>) => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

/** Follows a job until it has ended; asking again from another page or after a reload is the same. */
export function useJob(id: MaybeRefOrGetter<string | null>) {
  const query = useQuery({
    queryKey: computed(() => ['job', toValue(id)]),
    enabled: computed(() => toValue(id) !== null),
    queryFn: () => must(api.GET('/api/v1/jobs/{job}', { params: { path: { job: toValue(id)! } } })),
    refetchInterval: (q) => (q.state.data && jobEnded(q.state.data) ? false : 700),
  })
  return { job: query.data, error: query.error, refetch: query.refetch }
}

/** Which job works on a thing, so that a page that is opened again finds it. */
export const rememberJob = (subject: string, job: string | null) => keep(`job.${subject}`, job)
export const jobOf = (subject: string) => kept(`job.${subject}`)

/** Done so far, 0 to 100; null while the amount of work is not known. */
export const percent = (job: Job) => (job.total ? Math.min(100, Math.round((job.done / job.total) * 100)) : null)
