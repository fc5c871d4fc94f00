/** The languages that have a file strings.<code>.js; `rtl` ones are written from right to left. */
export const languages = {
  en: { rtl: false }
}
