// One window: lifecycle, an interrupted restart, new workspaces with all that templates ask for, and logs.
import './lifecycle.scenes.ts';
import './restart-interrupted.scenes.ts';
import './create.scenes.ts';
import './logs.scenes.ts';
