import type { RichParameter } from './template-spec.ts';

/** A parameter of text that is required, but for `more`. */
export const rich = (name: string, more: Partial<RichParameter> = {}): RichParameter => ({
  name,
  description: '',
  descriptionPlain: '',
  type: 'string',
  formType: 'input',
  mutable: true,
  defaultValue: '',
  icon: '',
  options: [],
  required: true,
  ephemeral: false,
  ...more,
});
