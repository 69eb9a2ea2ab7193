// Says that dependencies are being installed, as pnpm says nothing on the log level of this workspace, and shows nothing of what scripts print meanwhile.
import { writeFileSync } from 'node:fs';

try {
  writeFileSync('/dev/tty', 'Installing what this needs: half a minute, or two where nothing is cached …\n');
} catch {
  // There is no terminal, and so there is no reader to wait.
}
