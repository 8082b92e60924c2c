import * as vscode from 'vscode';
import type { Row } from './rows.ts';

export const WORKSPACES_VIEW = 'coderWorkspaces.workspaces';

/** What draws the rows. */
interface Drawer {
  getTreeItem(row: Row): vscode.TreeItem;
  getChildren(row?: Row): Row[];
  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem;
}

/** The tree `coderWorkspaces.workspaces`: VS Code asks for it at activation, its drawer is loaded when somebody signs in. */
export class WorkspacesTree implements vscode.TreeDataProvider<Row> {
  readonly view: vscode.TreeView<Row>;
  readonly changed = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** The tree is empty without one. */
  drawer: Drawer | undefined;

  constructor() {
    this.view = vscode.window.createTreeView(WORKSPACES_VIEW, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return this.drawer?.getTreeItem(row) ?? {};
  }

  getChildren(row?: Row): Row[] {
    return this.drawer?.getChildren(row) ?? [];
  }

  getParent(row: Row): Row | undefined {
    return row.parent;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    return this.drawer?.resolveTreeItem(item, row) ?? item;
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }
}
