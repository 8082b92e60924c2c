import type { Template } from '../../src/api/schemas/templates.ts';
import type { DynamicForm, RichParameter, ParameterSchema } from '../../src/api/schemas/templateVersions.ts';
import type { Build, LogEntry, Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from '../../src/api/units.ts';
import { readDynamic } from '../../src/commands/create/dynamicForm.ts';
import { VERBS, whyNot } from '../../src/model/actions.ts';
import { usualTimes } from '../../src/model/buildTimes.ts';
import { nextStop, statusText, stopSentence } from '../../src/model/deadline.ts';
import { deadlineProblem } from '../../src/model/deadlineLimits.ts';
import { extendedSentence, extensionChoices } from '../../src/model/extend.ts';
import { outcomeSentence } from '../../src/model/outcome.ts';
import { fieldNote, fieldsFromLegacy, fieldsFromRich, type FormField } from '../../src/model/parameters.ts';
import type { Ready } from '../../src/model/state.ts';
import { tooltip } from '../../src/model/tooltip.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import type { TreeNode, TreeOptions } from '../../src/model/treeNode.ts';
import { NOW, OWNER, PLACE } from '../unit/model-fixture.ts';
import { wholeLog } from '../unit/model-whole-log.ts';
import { toNodes } from '../toNodes.ts';

const LATER = (NOW + 3_600_000) as EpochMs;

/** Every text of the tree, its tooltips, the status bar, the questions and answers about these workspaces. */
export const textsOfWorkspaces = (workspaces: readonly Workspace[], skippedRows: number): string[] => {
  const held = new Map<WorkspaceId, Workspace>(workspaces.map((workspace) => [workspace.id, workspace]));
  const state: Ready = { kind: 'ready', user: OWNER, workspaces: held, skippedRows, readAt: NOW };
  const options: TreeOptions = {
    deploymentKey: 'd',
    host: 'coder.example.com',
    displayLocale: PLACE,
    flattenAgents: false,
    showHiddenResources: true,
  };
  const texts: string[] = [treeMessage(state, NOW, PLACE) ?? ''];
  const visit = (node: TreeNode): void => {
    texts.push(node.id, node.label, node.description, node.ariaLabel, node.contextValue, node.icon?.id ?? '');
    for (const line of tooltip(node, state, options, NOW)) {
      texts.push(
        ...(line.kind === 'error' ? line.lines : line.kind === 'field' ? [line.label, line.text] : [line.text]),
      );
    }
    node.children.forEach(visit);
  };
  toNodes(state, options, NOW).forEach(visit);
  const stop = nextStop(held.values(), NOW);
  if (stop !== undefined) texts.push(statusText(stop, NOW), stopSentence(stop, NOW, PLACE));
  for (const workspace of workspaces) texts.push(...textsOfOne(workspace));
  return texts;
};

const textsOfOne = (workspace: Workspace): string[] => {
  const choices = extensionChoices(workspace, NOW, PLACE);
  return [
    ...VERBS.map((verb) => whyNot(verb, workspace, OWNER) ?? ''),
    deadlineProblem(workspace, LATER, NOW, PLACE) ?? '',
    extendedSentence(workspace.name, workspace.latest_build.deadline, LATER, NOW, PLACE),
    ...stringsIn(choices),
    outcomeSentence(workspace.name, workspace.latest_build),
  ];
};

export const textsOfLog = (build: Build, entries: readonly LogEntry[]): string[] => [
  wholeLog(build, 'dev', entries, { timeZone: 'UTC', timestamps: true }),
];

export const textsOfParameters = (
  parameters: readonly RichParameter[] | undefined,
  schema: readonly ParameterSchema[] | undefined,
): string[] => [...fieldsFromRich(parameters ?? []), ...fieldsFromLegacy(schema ?? [])].flatMap(textsOfField);

const textsOfField = (field: FormField): string[] => [
  field.label,
  field.description,
  fieldNote(field) ?? '',
  ...field.options.flatMap(({ label, description }) => [label, description]),
  ...['', 'x', '3', '[]', '["a"]', 'true'].map((answer) => field.validate(answer) ?? ''),
  field.validate('1', '2') ?? '',
];

/** What is asked by a form whose questions depend on its answers, and what it says of them. */
export const textsOfForm = (form: DynamicForm): string[] => {
  const { fields, problems, failure } = readDynamic(form);
  return [...fields.flatMap(textsOfField), ...problems.values(), failure ?? ''];
};

export const textsOfTemplate = (template: Template): string[] => stringsIn(usualTimes(template));

const stringsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};
