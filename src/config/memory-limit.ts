const MIB = 2 ** 20

/**
 * What one process may take of its container: the rest is for the kernel's share and for the moment in which a new
 * worker opens its models.
 * @param constrained memory limit of the container, bytes; 0 or more than `total` where there is none
 * @returns MiB; 0 without a container's limit
 */
export function defaultMemoryLimit (constrained: number, total: number, processes: number): number {
  return constrained > 0 && constrained < total ? Math.floor(constrained * 0.85 / processes / MIB) : 0
}
