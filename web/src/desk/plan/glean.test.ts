import { expect, it } from 'vitest'
import { gleanDue, gleanMarkedUnits, gleanNumber, gleanTargets, gleanTitle, gleanUnits } from './glean'

it.each([
  ['2026年6月底前完成', '2026-06'],
  ['自2026年3月起，至２０２６年９月３０日', '2026-09-30'],
  ['9月底', '2027-09'],
  ['20xx年4月13日', 'XXXX-04-13'],
  ['2028年底', '2028'],
  ['尽快完成', null],
])('finds the deadline in %s', (text, due) => expect(gleanDue(text, 2027)).toBe(due))

it.each([
  ['公共厕所不少于9座。', '公共厕所 >= 9 座'],
  ['群众满意度达９６％以上', '群众满意度 >= 96 %'],
  ['发案率控制在3起以内', '发案率 <= 3 起'],
  ['绿化投入达到1.2亿元', '绿化投入 >= 120000000 元'],
  ['张贴率为100%', '张贴率 = 100 %'],
  ['2026年6月30日', ''],
])('finds the figure in %s', (text, expected) => expect(gleanTargets(text).map((x) => `${x.subject} ${x.comparator} ${x.value} ${x.unit}`).join()).toBe(expected))

it('finds units and the role that the marker before them gives', () => {
  expect(gleanUnits('牵头单位：县委宣传部、县文明办；配合单位：各乡镇等。').map((u) => `${u.role} ${u.name}`)).toEqual(['lead 县委宣传部', 'lead 县文明办', 'support 各乡镇'])
  expect(gleanMarkedUnits('5.修补路面。6月前完成。（责任单位：县住建局；配合单位：县城管局）').map((u) => `${u.role} ${u.name}`)).toEqual(['responsible 县住建局', 'support 县城管局'])
})

it('takes the first clause as title and the number in front of it', () => {
  expect([gleanTitle('（3）修补破损路面。六月前完成'), gleanNumber('（３）修补破损路面')]).toEqual(['修补破损路面', '3'])
})
