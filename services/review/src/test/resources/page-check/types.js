// Checks the page's modules with TypeScript's compiler, which is on the page as `ts`. Types come
// from what the code says and from its JSDoc; what neither says may be anything.

const LIBRARY = '/typescript/';
const OPTIONS = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: false,
  strictBindCallApply: true,
  strictBuiltinIteratorReturn: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noFallthroughCasesInSwitch: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: [],
};

/** What the page knows of the browser, and its types do not. */
const BESIDE = '/page.d.ts';

const texts = new Map();

/** A file, and what it imports. */
async function read(path, at = path) {
  if (texts.has(path)) return;
  texts.set(path, '');
  const answer = await fetch(at);
  if (!answer.ok) throw new Error(`There is no ${at}`);
  texts.set(path, await answer.text());
  if (!path.endsWith('.js')) return;
  const imports = [...texts.get(path).matchAll(/^(?:import|export)[^;]*?from '([./][^']+)'/gms)];
  await Promise.all(imports.map(([, other]) => read(new URL(other, `http://page${path}`).pathname)));
}

/** A library's own text, and those that it stands on. */
async function library(name) {
  const path = LIBRARY + name;
  if (texts.has(path)) return;
  await read(path);
  const references = [...texts.get(path).matchAll(/\/\/\/ <reference lib="([^"]+)"/g)];
  await Promise.all(references.map(([, other]) => library(`lib.${other}.d.ts`)));
}

/** What is wrong in files, a line each: `file:line: what`. Paths are those of the server. */
export async function check(files) {
  await Promise.all([
    ...files.map((file) => read(file)), read(BESIDE, '/page-check/page.d.ts'), ...OPTIONS.lib.map(library),
  ]);
  const host = {
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    getSourceFile: (path, version) =>
      (texts.has(path) ? ts.createSourceFile(path, texts.get(path), version, true) : undefined),
    getDefaultLibFileName: () => `${LIBRARY}lib.esnext.full.d.ts`,
    getDefaultLibLocation: () => LIBRARY.slice(0, -1),
    getCurrentDirectory: () => '/',
    getDirectories: () => [],
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
  const program = ts.createProgram([...files, BESIDE], OPTIONS, host);
  const typed = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName ?? ''}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  return [...typed, ...files.flatMap((file) => habits(program.getSourceFile(file)))];
}

/** What is no error of types, and not done in this page. */
const NEVER = {
  innerHTML: 'text enters the page as text nodes',
  outerHTML: 'text enters the page as text nodes',
  insertAdjacentHTML: 'text enters the page as text nodes',
  eval: 'the page\'s policy forbids it',
  debugger: 'left over',
};

function habits(source) {
  const found = [];
  const say = (node, what) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${source.fileName}:${line + 1}: ${what}`);
  };
  const visit = (node) => {
    const { SyntaxKind } = ts;
    if (ts.isIdentifier(node) && Object.hasOwn(NEVER, node.text)) say(node, `${node.text}: ${NEVER[node.text]}`);
    if (node.kind === SyntaxKind.DebuggerStatement) say(node, `debugger: ${NEVER.debugger}`);
    if (node.kind === SyntaxKind.EqualsEqualsToken || node.kind === SyntaxKind.ExclamationEqualsToken) {
      say(node, 'compare with === or !==');
    }
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
      say(node, 'declare with const or let');
    }
    if (ts.isVariableDeclarationList(node) && node.flags & ts.NodeFlags.Let) {
      for (const { name, initializer } of node.declarations) {
        if (ts.isIdentifier(name) && initializer && !isChanged(source, name.text)) {
          say(name, `${name.text} never changes: declare it with const`);
        }
      }
    }
    if (ts.isPropertyAccessExpression(node) && node.expression.getText(source) === 'console') {
      say(node, 'nobody reads the console: tell the person, or nothing');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a name is ever given another value, somewhere in the file. */
function isChanged(source, name) {
  const { SyntaxKind } = ts;
  const changes = (node) => {
    if (ts.isBinaryExpression(node) && ts.isAssignmentOperator(node.operatorToken.kind)) {
      return node.left.getText(source).match(/[\w$]+/g)?.includes(name) ?? false;
    }
    const counts = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
    return counts && [SyntaxKind.PlusPlusToken, SyntaxKind.MinusMinusToken].includes(node.operator)
      && node.operand.getText(source) === name;
  };
  let found = false;
  const visit = (node) => {
    found ||= changes(node);
    if (!found) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
