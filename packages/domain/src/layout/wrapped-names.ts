import { quoted } from './invalid-model.js';

/**
 * What to say of a model whose names are those that are expected but for one beginning that they all have: PyTorch's
 * DataParallel calls every tensor `module.…`, and torch.compile `_orig_mod.…`. Undefined for any other difference.
 */
export function wrappedNames(expected: readonly string[], given: readonly string[]): string | undefined {
  const wrapper = wrapperOf(expected, given);
  if (wrapper !== undefined) return `Every name begins with ${quoted(wrapper)}, which no name of the start model does: send the state_dict of the model inside the wrapper, such as net.${wrapper}state_dict().`;
  const missing = wrapperOf(given, expected);
  if (missing !== undefined) return `Every name of the start model begins with ${quoted(missing)}, and none of these does: send the state_dict of the wrapped model, as the start model's was.`;
  return undefined;
}

/** What `outer` have before the names in `inner`. */
function wrapperOf(inner: readonly string[], outer: readonly string[]): string | undefined {
  if (inner.length === 0 || inner.length !== outer.length) return undefined;
  const names = new Set(outer);
  // The shortest of the one belongs to the shortest of the other.
  const [shortest, longer] = [inner, outer].map((all) => all.reduce((a, b) => (b.length < a.length ? b : a)));
  const wrapper = longer!.slice(0, longer!.length - shortest!.length);
  return wrapper.endsWith('.') && inner.every((name) => names.has(wrapper + name)) ? wrapper : undefined;
}
