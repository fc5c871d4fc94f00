/** Small helpers for making and filling elements. */
import { text } from './language.js'

/**
 * Makes an element. Attributes that are true become empty, false, null and undefined ones are left out, functions
 * named on… are listeners. Children are nodes or texts; null and false are left out.
 */
export function element (name, attributes = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(key.slice(2), value)
    else if (value !== false && value !== null && value !== undefined) { node.setAttribute(key, value === true ? '' : value) }
  }
  node.append(...present(children))
  return node
}

/** Replaces the content of an element. */
export function fill (node, ...children) {
  node.replaceChildren(...present(children))
}

/** An icon out of the symbols in index.html; decoration only. */
export function icon (name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

export function byId (id) {
  return document.getElementById(id)
}

/** Tells screen readers what has happened; the same words twice are read twice. */
export function announce (words) {
  const live = byId('announcement')
  live.textContent = ''
  setTimeout(() => { live.textContent = words }, 50)
}

/** A button that copies what `content` gives and says so. */
export function copyButton (label, content) {
  const button = element('button', { type: 'button', class: 'button small' }, label)
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard?.writeText(content()).then(() => true, () => false)
    const words = text(copied ? 'common.copied' : 'common.copyFailed')
    announce(words)
    button.textContent = words
    setTimeout(() => { button.textContent = label }, 2500)
  })
  return button
}

function present (children) {
  return children.flat().filter(child => child !== null && child !== undefined && child !== false)
}
