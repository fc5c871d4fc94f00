import type { Config } from '../../config/config.ts'

/** Teaching writes a file that decides verdicts, and is held in the memory of one process. */
export function offersTeaching ({ TEACHING, ENV, WEB_CONCURRENCY }: Config): boolean {
  return TEACHING && ENV !== 'production' && WEB_CONCURRENCY === 1
}
