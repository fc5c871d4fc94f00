/**
 * Why a file could not be installed.
 * - `file_changed`: a file is there already with other bytes; it is never overwritten
 * - `unreadable_file`: something is there that cannot be read as a file
 * - `no_source`: nothing in the manifest says how to fetch it
 * - `package_not_found`, `path_not_in_package`: the registry or the package does not have it
 * - `registry_unreachable`, `registry_refused`: no answer, or an answer other than the package
 * - `not_in_source`: a mirror, an archive or an address does not have it
 * - `source_unreachable`, `source_refused`: no answer from an address, or an error
 * - `damaged_download`, `wrong_size`, `wrong_sha256`: the bytes are not the expected ones
 * - `not_writable`: the target folder or disk refuses the file
 * - `aborted`: the caller's signal
 * - `licence_not_accepted`, `not_installed`: the operator has to agree to a non-commercial licence, or ask for the
 * download
 */
export type InstallErrorCode =
  | 'file_changed'
  | 'unreadable_file'
  | 'no_source'
  | 'package_not_found'
  | 'path_not_in_package'
  | 'registry_unreachable'
  | 'registry_refused'
  | 'not_in_source'
  | 'source_unreachable'
  | 'source_refused'
  | 'damaged_download'
  | 'wrong_size'
  | 'wrong_sha256'
  | 'not_writable'
  | 'aborted'
  | 'licence_not_accepted'
  | 'not_installed'

/** Nothing of the file is left behind. The message names the file, what was expected and found, and what to do. */
export class InstallError extends Error {
  override readonly name = 'InstallError'
  readonly code: InstallErrorCode

  constructor (code: InstallErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
