/** Marks a setting that is a path: a relative one starts at the project's folder. */
export const path = { relativeTo: 'project' }
