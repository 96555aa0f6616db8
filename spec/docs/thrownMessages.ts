/** Finds in the code what errors are thrown with: each message, with `…` for what differs. */
import ts from 'typescript';

/** @param code of one file */
export function thrownMessages(code: string): string[] {
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const thrown: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) {
      constants.set(node.name.getText(), node.initializer);
    }
    if (ts.isNewExpression(node) && node.expression.getText().endsWith('Error')) {
      thrown.push(...(node.arguments?.slice(0, 1) ?? []));
    }
    node.forEachChild(visit);
  };
  visit(file);
  return thrown.map((message) => textOf(message, constants)).filter((text) => /\w/.test(text));
}

function textOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string {
  const text = (part: ts.Expression): string => textOf(part, constants);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isBinaryExpression(node)) return text(node.left) + text(node.right);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => text(span.expression) + span.literal.text);
    return node.head.text + parts.join('');
  }
  const constant = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
  return constant && !ts.isIdentifier(constant) ? text(constant) : '…';
}
