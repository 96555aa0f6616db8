/** Where the built hooks for `module.register` are: beside the worker. */
export const hooksLocation: string = new URL('./typescriptHooks.js', import.meta.url).href;
