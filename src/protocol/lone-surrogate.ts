/** Half a character. With the u flag the class matches only surrogates that have no partner: such text has no UTF-8. */
export const loneSurrogate = /[\uD800-\uDFFF]/u;
