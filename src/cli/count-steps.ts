/**
 * Counts the steps of long work on stderr: in place on a terminal, else with a line now and then.
 * @param every steps between two such lines; default: a quarter of them all
 * @returns the function to call after each step
 */
export function countSteps (what: string, steps: number, every: number = Math.ceil(steps / 4)): () => void {
  const { stderr } = process
  let done = 0
  return () => {
    done++
    if (stderr.isTTY) stderr.write(`\r${what}: ${done} of ${steps}${done === steps ? '\n' : ''}`)
    else if (done === steps || done % every === 0) stderr.write(`${what}: ${done} of ${steps}\n`)
  }
}
