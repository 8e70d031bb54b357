import { checkFaultOrder } from '../faults/check-fault-order.ts'
import type { FaultBoard } from '../faults/fault-board.ts'
import { RuleError } from '../rules/rule.ts'
import { emptyAnswer, type Answer } from './answer.ts'
import type { BodyReader } from './body-reader.ts'

/** A fault order is a few hundred bytes. */
const MAX_ORDER_BYTES = 64 * 1024

/** Open to every page: the endpoint is there for tests and demonstrations alone. */
const OPEN_CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': '*',
}

/**
 * Answers `/-/faults`: POST orders (201 with the id), GET lists, DELETE clears; DELETE `/-/faults/<id>` cancels.
 * Bodies are JSON both ways; a refused order is 400 with `{ "error": "…" }`.
 */
export async function answerControl(
  method: string,
  path: string,
  body: BodyReader,
  faults: FaultBoard,
): Promise<Answer> {
  const [, id] = /^\/-\/faults(?:\/([^/]+))?$/.exec(path) ?? ['', undefined]
  const isKnown = path.startsWith('/-/faults')
  if (!isKnown) return json(404, { error: `there is no ${path}` })
  switch (method) {
    case 'OPTIONS':
      return emptyAnswer(204, OPEN_CORS)
    case 'GET':
      return json(200, faults.list())
    case 'POST':
      return order(body, faults)
    case 'DELETE':
      if (id === undefined) faults.clear()
      else if (!faults.cancel(id)) return json(404, { error: `there is no order ${id}` })
      return emptyAnswer(204, OPEN_CORS)
    default:
      return json(405, { error: `${method} is not for ${path}` })
  }
}

async function order(body: BodyReader, faults: FaultBoard): Promise<Answer> {
  try {
    return json(201, faults.order(checkFaultOrder(JSON.parse(await readText(body)))))
  } catch (error) {
    if (error instanceof RuleError || error instanceof SyntaxError) return json(400, { error: error.message })
    throw error
  }
}

async function readText(body: BodyReader): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of body.chunks()) {
    chunks.push(chunk)
    if (body.receivedBytes() > MAX_ORDER_BYTES) throw new RuleError('a fault order must be below 64 KB')
  }
  return Buffer.concat(chunks).toString('utf8')
}

function json(status: number, value: unknown): Answer {
  return {
    ...emptyAnswer(status, { ...OPEN_CORS, 'content-type': 'application/json' }),
    body: { kind: 'text', text: `${JSON.stringify(value)}\n` },
  }
}
