import { ReflectionKind } from 'typedoc'

/** What applications give: names of the types whose numbers have a unit and a range. */
const GIVEN = /(Options|Settings)$/

/** From the least to the most, both allowed; what differs from that is said after it. */
const RANGE = /^(-?\d+ to -?\d+|any)\b/

/**
 * What doc comments of options lack. That each exported name has one is a check of TypeDoc's.
 *
 * - What may be left out says what holds then: `@defaultValue`.
 * - A number that is given says what it counts, `@unit`, and what it may be, `@range`.
 *
 * @param {import('typedoc').ProjectReflection} project
 * @returns {readonly string[]}
 */
export function complaintsOf(project) {
  const properties = project.getReflectionsByKind(ReflectionKind.Property)
  return properties.flatMap((property) => {
    if (!property.isDeclaration() || property.inheritedFrom !== undefined || isNothing(property)) return []
    const complain = (/** @type {string} */ what) => `${property.getFullName()}: ${what}`
    const complaints = []
    if (property.flags.isOptional && textOf(property, '@defaultValue') === '')
      complaints.push(complain('may be left out, and does not say by @defaultValue what holds then'))
    if (isNumber(property) && GIVEN.test(property.parent?.name ?? '')) {
      if (textOf(property, '@unit') === '') complaints.push(complain('is a number without @unit'))
      const range = textOf(property, '@range')
      if (!RANGE.test(range))
        complaints.push(complain(`is a number without @range such as "1 to 100": ${range}`))
    }
    return complaints
  })
}

/** @param {import('typedoc').DeclarationReflection} property */
function isNumber({ type }) {
  return type?.type === 'intrinsic' && type.name === 'number'
}

/**
 * What a variant of a union must not have.
 *
 * @param {import('typedoc').DeclarationReflection} property
 */
function isNothing({ type }) {
  return type?.type === 'intrinsic' && (type.name === 'never' || type.name === 'undefined')
}

/**
 * @param {import('typedoc').DeclarationReflection} property
 * @param {`@${string}`} tag
 */
function textOf({ comment, type, signatures }, tag) {
  // Of a function the comment is with its signature.
  const own = comment ?? signatures?.[0]?.comment
  const declared = type?.type === 'reflection' ? type.declaration.signatures?.[0]?.comment : undefined
  const block = own?.getTag(tag) ?? declared?.getTag(tag)
  return (block?.content ?? [])
    .map(({ text }) => text)
    .join('')
    .trim()
}
