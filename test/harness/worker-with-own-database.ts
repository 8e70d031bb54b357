/** The worker script, for tests: its database has the name of the worker, so that no other test has it open. */
import '@sluice/worker/entry'

const open = indexedDB.open.bind(indexedDB)
indexedDB.open = (_, version) => open(self.name, version)
