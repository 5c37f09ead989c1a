import { exampleFile } from "../../../src/config/example_file.ts";
import { loadConfig } from "../../../src/config/load_config.ts";
import { options } from "../../../src/config/options.ts";
import { textTarget } from "../text_target.ts";

/** A configuration file, or one value from the environment. */
export const config = textTarget({
  name: "config",
  seeds: [
    exampleFile().slice(0, 4000),
    "port = 6458\nbind_address = ::1\n\n[store]\nmem_fsync = everysec\n",
    "[global]\r\nlog_level: WARN\r\nlog_rotate=100M\r\nlog_backup_count=3\r\n",
    "[action]\nretry_max_count = 3\nhttp_max_clients = 64\nshell_cwd = ~/x\n",
    "[extension]\npath = /a\nextensions = a;b\n",
    "http_bind = [::1]:80\ntimezone = Europe/Berlin\n",
  ],
  dictionary: [
    ...Object.values(options).map(({ name }) => name.replace(/^.*\./, "")),
    ...["[store]", "[action]", "[extension]", "[global]", " = ", "everysec"],
    ...["TIMER", "DAY", "100M", "~/", "true", "127.0.0.1:80", "0.001"],
  ],
  parse(text) {
    const value = text.slice(0, 100);
    const isValue = text.length % 4 === 0;
    const { config, warnings } = loadConfig({
      flags: new Map(isValue ? [["http", value]] : []),
      environment: (name) => isValue && name === "TIMEZONE" ? value : undefined,
      file: isValue ? undefined : { path: "forsun.conf", text },
    });
    return `${Object.keys(config).length} ${warnings.length}`;
  },
  isRefusal: (error) => error instanceof Error && error.name === "Error",
  usualRuns: 12_000,
});
