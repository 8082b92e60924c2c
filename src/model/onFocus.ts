/**
 * Runs `work` whenever the window gets the focus. For a window's state as VS Code tells it, also when it loses the focus and
 * when somebody begins or ceases to use it.
 */
export const onFocus = (isFocused: boolean, work: () => void): ((state: { readonly focused: boolean }) => void) => {
  let had = isFocused;
  return ({ focused }) => {
    const hasCome = focused && !had;
    had = focused;
    if (hasCome) work();
  };
};
