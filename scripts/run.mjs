import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

/** The root of the workspace. */
export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/**
 * Runs a command in the root of the workspace with its output passed through, the workspace's own tools
 * first on the PATH. Rejects when it exits with anything but 0.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 * @returns {Promise<void>}
 */
export function run(command, args, env = {}) {
  const bin = path.join(ROOT, 'node_modules', '.bin')
  const PATH = `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...env, PATH },
      shell: process.platform === 'win32',
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

/**
 * Runs the main function of a script; a failure becomes one line and exit code 1.
 *
 * @param {() => Promise<void>} main
 */
export function runMain(main) {
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
