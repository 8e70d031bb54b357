import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Upload } from '@sluice/core'
import type { PickedFile } from '../pick/picked-file.ts'
import type { RefusalReason, RowAction } from '../words/words.ts'
import { inSlices } from './in-slices.ts'
import { refusalOf } from './limits.ts'
import type { Limits } from './limits.ts'
import { toOverall } from './overall.ts'
import type { Overall } from './overall.ts'
import { createQueueItem } from './queue-item.ts'
import type { QueueItem } from './queue-item.ts'
import { actionsOf } from './row-view.ts'
import type { Moment } from './row-view.ts'

/** How often what is said of the whole list is brought up to date, and how often files that are being added appear. */
const UPDATE_MS = 200
/** As of the option `priority` of `uploader.upload()`. */
const MOST_PRIORITY = 1000

/** The files of the page. */
export interface Queue {
  /** In the order in which they are uploaded. */
  readonly items: ReadonlySignal<readonly QueueItem[]>
  readonly overall: ReadonlySignal<Overall>
  /** Adds what the limits allow, and answers the rest with the reasons. */
  readonly add: (files: Iterable<PickedFile> | AsyncIterable<PickedFile>) => Promise<readonly Refusal[]>
  readonly act: (item: QueueItem, action: RowAction) => void
  /** Does the same with each upload that it can be done with. */
  readonly actOnAll: (action: RowAction) => Promise<void>
}

export interface Refusal {
  readonly path: string
  readonly reason: RefusalReason
}

export interface QueueOptions {
  readonly limits: Limits
  readonly start: (picked: PickedFile, priority: number) => Upload
  /** Called after each change of an upload. */
  readonly onMoment: (item: QueueItem, before: Moment, now: Moment) => void
  /** Called when uploads have been taken from the list. */
  readonly onRemove: () => void
}

export function createQueue({ limits, start, onMoment, onRemove }: QueueOptions): Queue {
  /** In the order in which they came. */
  const added = signal<readonly QueueItem[]>([])
  const items = computed(() => added.value.toSorted((a, b) => b.priority.value - a.priority.value))
  const overall = signal(toOverall([]))
  let updateTimer: ReturnType<typeof setTimeout> | undefined
  let lastId = 0

  const update = (): void => {
    clearTimeout(updateTimer)
    updateTimer = undefined
    overall.value = toOverall(added.peek().map(({ moment }) => moment.peek()))
  }
  const updateSoon = (): void => {
    updateTimer ??= setTimeout(update, UPDATE_MS)
  }

  const createItem = (picked: PickedFile): QueueItem => {
    lastId += 1
    const item: QueueItem = createQueueItem({
      id: lastId,
      picked,
      start: (priority) => start(picked, priority),
      onMoment(before, now) {
        onMoment(item, before, now)
        updateSoon()
      },
    })
    return item
  }

  const remove = (removed: ReadonlySet<QueueItem>): void => {
    added.value = added.peek().filter((item) => !removed.has(item))
    update()
    onRemove()
  }

  /** Before or behind all others. */
  const move = (item: QueueItem, direction: 1 | -1): void => {
    const most = Math.max(...added.peek().map(({ priority }) => priority.peek() * direction))
    item.setPriority(Math.min(most + 1, MOST_PRIORITY) * direction)
  }

  const act = (item: QueueItem, action: RowAction): void => {
    switch (action) {
      case 'pause':
      case 'resume':
      case 'cancel':
      case 'retry':
        item[action]()
        break
      case 'remove':
        remove(new Set([item]))
        break
      case 'first':
        move(item, 1)
        break
      case 'last':
        move(item, -1)
        break
    }
  }

  return {
    items,
    overall,
    async add(files) {
      const refusals: Refusal[] = []
      let fresh: QueueItem[] = []
      let shownAtMs = 0
      const show = (): void => {
        added.value = [...added.peek(), ...fresh]
        fresh = []
        shownAtMs = performance.now()
        updateSoon()
      }
      await inSlices(files, (picked) => {
        const reason = refusalOf(picked.file, added.peek().length + fresh.length, limits)
        if (reason === undefined) fresh.push(createItem(picked))
        else refusals.push({ path: picked.path, reason })
        if (performance.now() - shownAtMs > UPDATE_MS) show()
      })
      show()
      return refusals
    },
    act,
    async actOnAll(action) {
      const concerned = added.peek().filter(({ moment }) => offers(moment.peek(), action))
      if (action === 'remove') remove(new Set(concerned))
      else await inSlices(concerned, (item) => act(item, action))
    },
  }
}

function offers({ state }: Moment, action: RowAction): boolean {
  return actionsOf(state.status).includes(action)
}
