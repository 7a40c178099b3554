import { render } from 'preact';
import { App } from './page/app.js';
import { readSettings } from './browser/settings.js';
import { applyTheme } from './browser/theme.js';
import './style/base.css';
import './style/call.css';
import './style/timeline.css';
import './style/legs.css';
import './style/print.css';

applyTheme();
const root = document.getElementById('app');
if (root) render(<App settings={readSettings()} />, root);
