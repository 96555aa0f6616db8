/** Loads what looks into functions, when that is first needed: most of the package's size is there. */
import { createRequire } from 'node:module';
import { analysisFile } from '../builtFiles.js';

type Analysis = typeof import('../analysis/main.js');

let loaded: Analysis | undefined;

/** Synchronously, since a call has to throw at once. */
export function loadAnalysis(): Analysis {
  loaded ??= createRequire(analysisFile)(analysisFile) as Analysis;
  return loaded;
}
