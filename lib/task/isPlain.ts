/** Recognises the simplest functions, for which loading the analysis would be the most work of a short program. */

/** An arrow function or a function with plain parameters. */
const SHAPE =
  /^(?:async\b\s*)?(?:(\w+)\s*=>|\(([\w$,\s]*)\)\s*=>|function\b\s*\w*\s*\(([\w$,\s]*)\)\s*\{)([^]*)$/;

/** Texts, comments, regular expressions, functions inside, rest and spread: all that needs a parser. */
const NEEDS_PARSER = /new\s*\.|['"`/\\#]|=>|\.\.\.|[^\t\n\r -~]/;

/** A name, but not that of a property. */
const NAME = /(?<![\w$.])[A-Za-z_$][\w$]*/g;

/** What declares a name, at the start of a statement, and the name. */
const DECLARATION = /(?<=(?:^|[{;])\s*)(?:const|let)\s+(?!in\b|instanceof\b)([A-Za-z_]\w*)/g;

const KNOWN = new Set(
  (
    'Array Boolean Infinity JSON Math NaN Number Object String else false if ' +
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
  const inner = ofFunction === undefined ? body.trimStart().slice(1) : body;
  const hasBlocks = inner.includes('{') || inner.includes('for');
  const names = new Set((single ?? parenthesised ?? ofFunction ?? '').match(NAME));
  // Elsewhere it is a name like any other.
  if (/^async\b(?!\s*=>)/.test(source)) names.add('await');
  if (!hasBlocks) {
    for (const [, name] of body.matchAll(DECLARATION)) names.add(name!);
  }
  // `let` is a name, too, where it declares none.
  return (body.replace(DECLARATION, '$1').match(NAME) ?? []).every(
    (name) => names.has(name) || KNOWN.has(name),
  );
}
