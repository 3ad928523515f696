import { contract, operations as contractOperations } from '@vergeai/contract';
import { packedApp, type PackedApp } from '@vergeai/testkit';
import ts from 'typescript-5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const operations = contractOperations({ ...contract }).map(({ name }) => name);
const resourceNames: Readonly<Record<string, string>> = { auth: 'APIKey', user: 'User', project: 'Project', experiment: 'Experiment', job: 'Job', device: 'Device' };
const methodOf = (operation: string) => operation.replace(/^\w+/, (resource) => resourceNames[resource] ?? resource.replace(/^./, (first) => first.toUpperCase()));

let app: PackedApp;
let service: ts.LanguageService;
let source: string;
let file: string;
beforeAll(async () => {
  app = await packedApp('domain', 'sdk');
  source = `import { VergeAI } from '@vergeai/sdk';\nconst vergeai = new VergeAI();\n${operations.map((name) => `vergeai.${methodOf(name)};\n`).join('')}`;
  file = await app.write('hovers.mts', source);
  const options: ts.CompilerOptions = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, types: [] };
  service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => (ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(name)!) : undefined),
    getCurrentDirectory: () => app.folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

/** What an editor shows on the last name of an expression of the file. */
function hover(expression: string) {
  const at = source.indexOf(`${expression};`) + expression.length - 1;
  const { displayParts, documentation, tags = [] } = service.getQuickInfoAtPosition(file, at)!;
  const text = (parts: readonly ts.SymbolDisplayPart[] = []) => parts.map((part) => part.text).join('');
  return { signature: text(displayParts), sentence: text(documentation), tags: tags.map(({ name, text: parts }) => `@${name} ${text(parts)}`) };
}

describe('an editor shows on a method, in less than 300 letters,', () => {
  it.each(operations)('%s: its sentence, what it takes and gives, what it throws, and an example', (operation) => {
    const { signature, sentence, tags } = hover(`vergeai.${methodOf(operation)}`);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(signature).toMatch(/\(input\??: \w+.*, options\?: \w+\): (Promise|PagePromise|LinkPromise|AsyncGenerator)/);
    expect(tags.find((tag) => tag.startsWith('@example'))).toContain(`vergeai.${methodOf(operation)}(`);
    if (!/\(input\?/.test(signature)) expect(tags.some((tag) => /^@throws [A-Z]/.test(tag))).toBe(true);
    expect([signature, sentence, ...tags].join('\n').length, [signature, sentence, ...tags].join('\n')).toBeLessThan(300);
  });
});

describe('what the packed tarball exports', () => {
  const exported = () => {
    const program = service.getProgram()!;
    const checker = program.getTypeChecker();
    const entry = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('@vergeai/sdk/dist/index.d.ts'))!;
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(entry)!).map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
    return { checker, symbols };
  };

  it('has every input and answer of an operation under a name', () => {
    const { checker, symbols } = exported();
    const names = new Set(symbols.map(({ name }) => name));
    const types = symbols.find(({ name }) => name === 'Operations')!;
    const unnamed = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(types)).flatMap((operation) =>
      checker
        .getTypeOfSymbol(operation)
        .getCallSignatures()
        .flatMap((signature) => [...signature.parameters.map((parameter) => checker.getTypeOfSymbol(parameter)), signature.getReturnType()])
        .flatMap((type) => namesIn(checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)))
        .filter((name) => !names.has(name))
        .map((name) => `${operation.name}: ${name}`),
    );
    expect(unnamed).toEqual([]);
  });

  it('says of each type what it is, and of each of its members', () => {
    const { checker, symbols } = exported();
    const silent = symbols
      .filter(({ flags }) => flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias))
      .flatMap((symbol) => {
        const documented = (each: ts.Symbol) => ts.displayPartsToString(each.getDocumentationComment(checker)) !== '';
        const members = symbol.flags & ts.SymbolFlags.TypeAlias ? [] : checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).filter(isOurs);
        return [...(documented(symbol) ? [] : [symbol.name]), ...members.filter((member) => !documented(member)).map((member) => `${symbol.name}.${member.name}`)];
      });
    expect(silent).toEqual([]);
  });
});

/** The types that a text speaks of, without those that everybody has. */
const namesIn = (text: string): string[] => (text.match(/\b[A-Z]\w+/g) ?? []).filter((name) => !['Promise', 'Record', 'AsyncIterable'].includes(name));

/** What Promise or Error bring is theirs to tell, and so is what `name` is. */
const isOurs = (member: ts.Symbol): boolean => (member.declarations ?? []).some((declaration) => declaration.getSourceFile().fileName.includes('@vergeai/')) && !/^#|^__|^name$/.test(member.name);
