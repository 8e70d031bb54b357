import { effect } from '@preact/signals'
import { render } from 'preact'
import type { JSX } from 'preact'
import { createAuthorizer, readApiBase } from './authorization-service.ts'
import { EngineView } from './engine/engine-view.tsx'
import { DropArea } from './pick/drop-area.tsx'
import { limitsInWords } from './pick/notice.ts'
import { readLimits } from './queue/limits.ts'
import { Toolbar } from './queue/toolbar.tsx'
import { UploadList } from './queue/upload-list.tsx'
import { ResumePanel } from './resume/resume-panel.tsx'
import { Announcer } from './shell/announcer.tsx'
import { ConfirmDialog } from './shell/confirm-dialog.tsx'
import { Disclosure } from './shell/disclosure.tsx'
import { Header } from './shell/header.tsx'
import { guardLeaving } from './shell/guard-leaving.ts'
import { TroublePanel } from './trouble/trouble-panel.tsx'
import { createTroubleService } from './trouble/trouble-service.ts'
import { createUploads } from './uploads.ts'
import { format, words } from './words/language.ts'

const { base, problem } = findApiBase()
const limits = readLimits(location.href)
const uploads = createUploads(createAuthorizer(base), limits)
const troubleService = createTroubleService(base)
const { uploader, queue, notice, log } = uploads
notice.value = problem

effect(() => {
  const { running, paused, percent } = queue.overall.value
  document.title = running + paused > 0 ? `${percent}% – Sluice` : 'Sluice'
})
guardLeaving(() => queue.overall.peek().running > 0)

const add = (items: Parameters<typeof uploads.add>[0]): void => void uploads.add(items)

function Page(): JSX.Element {
  const { page } = words.value
  return (
    <>
      <a class="skip" href="#uploads">
        {page.skip}
      </a>
      <Header page="uploader" />
      <main>
        <h1>{page.tagline}</h1>
        <div class="columns">
          <div class="column">
            <DropArea limits={limitsInWords(limits, words.value, format.value)} onFiles={add} />
            <p class="message" role="alert" data-testid="message">
              {notice}
            </p>
            <section class="panel" aria-labelledby="uploads-title">
              <h2 id="uploads-title">{words.value.queue.title}</h2>
              <Toolbar queue={queue} />
            </section>
          </div>
          <div class="column tools">
            <Disclosure title={words.value.trouble.title} testId="trouble">
              {() => <TroublePanel service={troubleService} killWorker={uploads.killWorker} log={log} />}
            </Disclosure>
            <Disclosure title={words.value.engine.title} testId="engine">
              {() => (
                <EngineView uploader={uploader} queue={queue} throughput={uploads.throughput} log={log} />
              )}
            </Disclosure>
          </div>
          <div class="column">
            {/* It comes late: below all that stands. */}
            <ResumePanel
              unfinished={uploads.unfinished}
              onResume={(picked) => add([picked])}
              onDiscard={uploads.discard}
            />
            <UploadList queue={queue} />
          </div>
        </div>
      </main>
      <Announcer />
      <ConfirmDialog />
    </>
  )
}

function findApiBase(): { readonly base: URL; readonly problem: string } {
  try {
    return { base: readApiBase(location.href), problem: '' }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    return { base: new URL('/api', location.href), problem: `${what}. Using /api instead.` }
  }
}

const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
