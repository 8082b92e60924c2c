// One window: lifecycle, an interrupted restart, settings of workspaces, logs, and what is done to builds.
import './lifecycle.scenes.ts';
import './restart-interrupted.scenes.ts';
import './settings.scenes.ts';
import './logs.scenes.ts';
import './build-actions.scenes.ts';
