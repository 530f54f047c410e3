// How files are told of: their size, their icon, where they are fetched, why one has no thumbnail.
import type { Attachment } from '@/api/types'
import { t } from './i18n'
import type { IconName } from './icons'

/** 2.4 MB; a file has no part of a byte. */
export function fileSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  let [n, unit] = [bytes, 0]
  while (n >= 1024 && unit < units.length - 1) [n, unit] = [n / 1024, unit + 1]
  return `${unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(1).replace('.0', '')} ${units[unit]}`
}

export function fileIcon(kind: Attachment['kind']): IconName {
  if (kind === 'mp4' || kind === 'mov') return 'video'
  if (kind === 'xlsx' || kind === 'csv') return 'table'
  if (['jpeg', 'png', 'webp', 'gif', 'heic'].includes(kind)) return 'image'
  return kind === 'text' ? 'text' : 'plan'
}

/** An iPhone turns its HEIC photographs, which hardly any browser shows, into JPEG only where a form asks for that by name;
 * other phones would then not offer theirs to be chosen at all. */
const turnsPhotos = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
export const photoTypes = turnsPhotos ? 'image/jpeg,image/png,image/webp,image/gif' : 'image/*'

const path = (campaign: string, file: Attachment) => `/api/v1/campaigns/${campaign}/attachments/${file.id}`
export const contentOf = (campaign: string, file: Attachment) => `${path(campaign, file)}/content`
export const thumbnailOf = (campaign: string, file: Attachment) => (file.picture.state === 'seen' ? `${path(campaign, file)}/thumbnail` : null)

/** How it is looked at in place; null where it is downloaded. Of a `document` the server tells what it holds. */
export function shownAs(file: Attachment): 'image' | 'video' | 'pdf' | 'document' | null {
  if (file.picture.state === 'seen') return 'image'
  if (file.kind === 'mp4' || file.kind === 'mov') return 'video'
  if (file.kind === 'pdf') return 'pdf'
  return ['docx', 'xlsx', 'text', 'csv'].includes(file.kind) ? 'document' : null
}

/** Why there is no thumbnail yet, or none at all. */
export function noThumbnail(file: Attachment): string {
  if (file.picture.state === 'waiting') return t('files.looking')
  return file.picture.no_thumbnail ? t(`files.${file.picture.no_thumbnail}`) : ''
}
