/** The dashboard, the alert rules and the pages under docs/operate, read as far as they are held against the code. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './files.ts';

export const operateFolder = join(repositoryRoot, 'docs/operate');

export const read = (path: string): string => readFileSync(join(operateFolder, path), 'utf8');

export interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly runbook: string;
}

/** The rules, each with its expression and its page. */
export const alerts = (): readonly Alert[] =>
  read('alerts/blockledger.rules.yml')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => ({ name: text.split('\n')[0] ?? '', expr: /^ +expr: (.*)$/m.exec(text)?.[1] ?? '', runbook: /^ +runbook_url: (.*)$/m.exec(text)?.[1] ?? '' }));

/** Every expression of the dashboard. */
export const dashboardExpressions = (): readonly string[] => {
  const { panels } = JSON.parse(read('dashboards/blockledger.json')) as { readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[] };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
};

/** A figure that an expression uses, with the labels it asks for or groups by. */
export interface Used {
  readonly name: string;
  readonly labels: readonly string[];
}

/** The figures of ours in an expression. Labels that it groups by are asked of every figure in it. */
export const figuresIn = (expr: string): readonly Used[] => {
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()));
  return [...expr.matchAll(/\bblockledger_(\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', selector = '']) => ({
    name,
    labels: [...grouped, ...[...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label)],
  }));
};

/** Whether there is a page. */
export const hasPage = (name: string): boolean => existsSync(join(operateFolder, `${name}.md`));
