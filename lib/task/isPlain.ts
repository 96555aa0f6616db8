/** Recognises the simplest functions, for which loading the analysis would be the most work of a short program. */

/** An arrow function or a function with plain parameters. */
const SHAPE =
  /^(?:async\s*)?(?:(\w+)\s*=>|\(([\w$,\s]*)\)\s*=>|function\s*\w*\s*\(([\w$,\s]*)\)\s*\{)([^]*)$/;

/** Texts, comments, regular expressions, functions inside, rest and spread: all that needs a parser. */
const NEEDS_PARSER = /new\s*\.|['"`/\\#]|=>|\.\.\.|[^\t\n\r -~]/;

/** A name, but not that of a property. */
const NAME = /(?<![\w$.])[A-Za-z_$][\w$]*/g;

const KNOWN = new Set(
  (
    'Array Boolean Infinity JSON Math NaN Number Object String async await const else false if let ' +
    'new null return throw true undefined Error RangeError TypeError'
  ).split(' '),
);

/**
 * Whether a function surely uses nothing from around it: each name in it is one of its parameters, one
 * that it declares in its outermost block, or known everywhere. False for most functions.
 */
export function isPlain(source: string): boolean {
  const [, single, parenthesised, ofFunction, body] = SHAPE.exec(source) ?? [];
  if (body === undefined || NEEDS_PARSER.test(body)) return false;
  // What is declared in an inner block is not known outside of it.
  const hasBlocks = body.trimStart().slice(1).includes('{') || body.includes('for');
  const names = new Set((single ?? parenthesised ?? ofFunction ?? '').match(NAME));
  if (!hasBlocks) {
    for (const [, name] of body.matchAll(/\b(?:const|let)\s+(\w+)/g)) names.add(name!);
  }
  return (body.match(NAME) ?? []).every((name) => names.has(name) || KNOWN.has(name));
}
