// What a person would click first: the extension's icon in the activity bar.
const vscode = require('vscode');

exports.activate = () => vscode.commands.executeCommand('workbench.view.extension.coderWorkspaces');
