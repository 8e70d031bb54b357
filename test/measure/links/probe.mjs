// Plain sockets over a link: round trip and goodput of one TCP connection.
//   probe.mjs serve HOST   answers each byte; a connection that begins with "s" is a sink, told what came
//   probe.mjs ask HOST     prints { rttMs, mbitPerSecond }
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { serveHelper } from './helper.mjs'

const PORT = 7
const ROUND_TRIPS = 7
/** Slow start is over after it, on each of the links. */
const WARM_UP_MS = 6000
const MEASURE_MS = 6000

const [, , role, host = ''] = process.argv
if (role === 'serve') await serve()
else console.log(JSON.stringify({ rttMs: await roundTrip(), mbitPerSecond: await goodput() }))

async function serve() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (first) => {
      if (first[0] === 's'.charCodeAt(0)) sink(socket)
      else {
        socket.write(first)
        socket.on('data', (bytes) => socket.write(bytes))
      }
    })
  })
  server.listen(PORT, host)
  await once(server, 'listening')
  await serveHelper({})
  process.exit()
}

/** @param {import('node:net').Socket} socket */
function sink(socket) {
  let countedBytes = 0
  let isWarm = false
  socket.on('data', (bytes) => {
    if (isWarm) countedBytes += bytes.length
  })
  setTimeout(() => (isWarm = true), WARM_UP_MS)
  setTimeout(() => {
    isWarm = false
    socket.write(JSON.stringify((countedBytes * 8) / MEASURE_MS / 1000))
  }, WARM_UP_MS + MEASURE_MS)
}

/** @returns {Promise<number>} median, in milliseconds */
async function roundTrip() {
  const socket = connect(PORT, host).setNoDelay()
  await once(socket, 'connect')
  const tookMs = []
  for (let round = 0; round < ROUND_TRIPS; round++) {
    const sentMs = performance.now()
    socket.write('e')
    await once(socket, 'data')
    tookMs.push(performance.now() - sentMs)
  }
  socket.destroy()
  return tookMs.sort((one, other) => one - other)[Math.floor(ROUND_TRIPS / 2)] ?? 0
}

/** @returns {Promise<number>} what arrived, in Mbit/s */
async function goodput() {
  const socket = connect(PORT, host)
  const chunk = Buffer.alloc(64 * 1024, 's')
  const fill = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', fill)
  fill()
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return Number(answer)
}
