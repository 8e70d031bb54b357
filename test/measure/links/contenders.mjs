/**
 * One way to send a file.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {'sluice' | 'ali-oss' | 'plain'} kind
 * @property {Readonly<Record<string, unknown>>} options of `createUploader` and `upload`, or of `multipartUpload`;
 *   what is left out stays at its default
 */

const MIB = 1024 ** 2

/** What Sluice is compared with, and Sluice itself. @type {readonly Contender[]} */
const CONTENDERS = [
  { name: 'sluice', kind: 'sluice', options: {} },
  { name: 'ali-oss', kind: 'ali-oss', options: {} },
  { name: 'ali-oss 8 MiB', kind: 'ali-oss', options: { partSize: 8 * MIB, parallel: 5 } },
  { name: 'plain', kind: 'plain', options: {} },
]

/**
 * Chooses who takes part.
 *
 * @param {string | undefined} only names with commas between them; without it all
 * @param {readonly string[]} variants options of further Sluices, as JSON
 * @returns {readonly Contender[]}
 */
export function chooseContenders(only, variants) {
  const names = only?.split(',')
  const chosen = CONTENDERS.filter(({ name }) => names?.includes(name) ?? true)
  const unknown = names?.find((name) => !CONTENDERS.some((contender) => contender.name === name))
  if (unknown !== undefined) {
    throw new Error(
      `--only must name some of ${CONTENDERS.map(({ name }) => name).join(', ')}, got ${unknown}`,
    )
  }
  return [
    ...chosen,
    ...variants.map((text) => ({
      name: `sluice ${text}`,
      kind: /** @type {const} */ ('sluice'),
      options: JSON.parse(text),
    })),
  ]
}
