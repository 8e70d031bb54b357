import type { XmlNode } from '../http/xml.ts'

/** The one account of this server. */
export const LOCAL_OWNER: XmlNode = [
  'Owner',
  [
    ['ID', '0000000000000000'],
    ['DisplayName', '0000000000000000'],
  ],
]
