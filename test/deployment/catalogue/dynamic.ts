/** The form of the template `dynamic` (V2): `gpus` is asked only for the large size, `secret` is masked. */
import type { DynamicParameter } from '../template-spec.ts';

const held = (value: string): { value: string; valid: boolean } => ({ value, valid: true });

const problem = (summary: string, detail: string): object => ({
  severity: 'error',
  summary,
  detail,
  extra: { code: '' },
});

function parameter(name: string, order: number, value: string, more: Record<string, unknown>): DynamicParameter {
  return {
    name,
    display_name: '',
    description: '',
    type: 'string',
    form_type: 'input',
    styling: {},
    mutable: false,
    icon: '',
    options: [],
    validations: [],
    required: false,
    order,
    ephemeral: false,
    value: held(value),
    diagnostics: [],
    ...more,
  };
}

const sizes = [
  { name: 'Small', description: '', value: held('s'), icon: '' },
  { name: 'Large', description: '', value: held('l'), icon: '' },
];

export function evaluateDynamic(inputs: Readonly<Record<string, string>>): readonly DynamicParameter[] {
  const size = inputs.size ?? 's';
  const known = size === 's' || size === 'l';
  const form = [
    parameter('size', 1, size, {
      form_type: 'dropdown',
      default_value: held('s'),
      options: sizes,
      diagnostics: known
        ? []
        : [problem('Value must be a valid option', `the value "${size}" must be defined as one of options`)],
    }),
  ];
  if (size === 'l') {
    const gpus = inputs.gpus ?? '1';
    const tooMany = Number(gpus) > 4;
    form.push(
      parameter('gpus', 2, gpus, {
        type: 'number',
        form_type: 'slider',
        default_value: held('1'),
        validations: [
          {
            validation_error: '',
            validation_regex: null,
            validation_min: 1,
            validation_max: 4,
            validation_monotonic: null,
          },
        ],
        diagnostics: tooMany
          ? [
              problem(
                "Invalid parameter value according to 'validation' block",
                `value ${gpus} is more than the maximum 4`,
              ),
            ]
          : [],
      }),
    );
  }
  form.push(
    parameter('secret', 3, inputs.secret ?? '', {
      styling: { placeholder: 'a secret', mask_input: true },
      mutable: true,
      default_value: held(''),
    }),
  );
  return form;
}
