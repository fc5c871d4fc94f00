/** The languages that have a file strings.<code>.js, by their own names; `rtl` ones are written from right to left. */
export const languages = {
  en: { name: 'English', rtl: false },
  de: { name: 'Deutsch', rtl: false },
  fr: { name: 'Français', rtl: false },
  es: { name: 'Español', rtl: false },
  hi: { name: 'हिन्दी', rtl: false },
  ar: { name: 'العربية', rtl: true }
}
