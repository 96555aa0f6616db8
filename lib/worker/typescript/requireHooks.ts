/** Has `require` load TypeScript: the hooks of `import` do not reach every `require`. */
import Module from 'node:module';
import { nodeStripsTypes, type TypeScriptFiles } from './TypeScriptFiles.js';

interface CommonJsModule {
  _compile(code: string, file: string): void;
}

/** What every loader for CommonJS builds on; Node documents it as deprecated, yet keeps it for them. */
interface CommonJsLoader {
  readonly _extensions: Record<string, (module: CommonJsModule, file: string) => void>;
  _resolveFilename: (
    this: unknown,
    specifier: string,
    parent: { readonly filename?: string | null } | undefined,
    ...rest: unknown[]
  ) => string;
}

export function hookRequire(files: TypeScriptFiles): void {
  const loader = Module as unknown as CommonJsLoader;
  for (const extension of ['.ts', '.tsx', '.cts', '.mts']) {
    // A loader that the user preloaded, or Node itself where it strips types.
    const known = loader._extensions[extension];
    if (known && !nodeStripsTypes) continue;
    loader._extensions[extension] = (module, file) => {
      const compiled = files.compile(file);
      if (compiled) module._compile(compiled.code, file);
      else known?.(module, file);
    };
  }
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (specifier, parent, ...rest) {
    try {
      return resolve.call(this, specifier, parent, ...rest);
    } catch (error) {
      const importer = parent?.filename;
      const found = importer ? files.find(specifier, importer) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  };
}
