/** What docker-compose.yml and its files say of one another and of the server: nothing here needs Docker. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { whereOf } from '../../src/ledger/location.ts';
import { SETTINGS } from '../../src/serve/setting-names.ts';
import { readSettings } from '../../src/serve/settings.ts';
import { served } from '../support/api.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');

type Env = Readonly<Record<string, string | undefined>>;

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly scale?: number;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly depends_on?: unknown;
  readonly healthcheck: { readonly test: readonly string[] };
  readonly restart: string;
  readonly security_opt: readonly string[];
  readonly cap_drop: readonly string[];
  readonly stop_grace_period: string;
  readonly deploy: { readonly resources: { readonly limits: { readonly memory: string } } };
}

interface Composed {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const COMPOSE = textOf('docker-compose.yml');
const DOCUMENT = textOf('docs/compose.md');
const SYSTEMD = textOf('docs/systemd.md');

/** `${NAME:-default}` and `${NAME:?why}`, as compose fills them in. */
const filled = (text: string, env: Env): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
    const value = env[name];
    if (value) return value;
    if (kind === '?') throw new Error(`${name} ${rest}`);
    return kind === '-' ? rest : '';
  });

const composed = (env: Env): Composed => parse(filled(COMPOSE, env), { merge: true }) as Composed;

const SECRETS = { SUANPAN_SECRET: 'a secret that is long', SUANPAN_ADMIN_KEY: 'first-key' };
const SINGLE: Env = SECRETS;
const CLUSTER: Env = { ...SECRETS, ...parseEnv(textOf('deploy/cluster.env')) };
const MODES = [
  ['one engine', SINGLE],
  ['three nodes', CLUSTER],
] as const;

const single = composed(SINGLE);
const service = (name: string): Service => {
  const found = single.services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
};
const all = Object.entries(single.services);
const servers = all.filter(([, { image }]) => image === 'suanpan').map(([name]) => name);

/** What runs: services without a profile or with a chosen one, unless scaled to none. */
const running = (env: Env): string[] => {
  const chosen = (env['COMPOSE_PROFILES'] ?? '').split(',');
  return Object.entries(composed(env).services)
    .filter(
      ([, { profiles, scale }]) => scale !== 0 && (profiles?.some((one) => chosen.includes(one)) ?? true),
    )
    .map(([name]) => name);
};

const mounts = ({ volumes = [] }: Service) =>
  volumes.map((volume) => {
    const [from = '', to = '', mode = 'rw'] = volume.split(':');
    return { from, to, mode };
  });

describe('docker-compose.yml', () => {
  test('mounts files that are there, read-only, and volumes that are declared', () => {
    const used = new Set<string>();
    for (const [name, one] of all)
      for (const { from, mode } of mounts(one)) {
        if (!from.startsWith('./')) used.add(from);
        else {
          expect(existsSync(new URL(from, ROOT)), `${name}: ${from}`).toBe(true);
          expect(mode, `${name}: ${from}`).toBe('ro');
        }
      }
    expect([...used].sort()).toEqual(Object.keys(single.volumes).sort());
  });

  test('no two services share a volume', () => {
    const named = all.flatMap(([, one]) => mounts(one).map(({ from }) => from));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((from, i) => named.indexOf(from) !== i)).toEqual([]);
  });

  test('every file below deploy/ is used', () => {
    const files = readdirSync(new URL('deploy', ROOT), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath.slice(fileURLToPath(ROOT).length)}/${entry.name}`);
    const mounted = all.flatMap(([, one]) => mounts(one).map(({ from }) => from.replace('./', '')));
    for (const file of files)
      expect(
        mounted.some((from) => file === from || file.startsWith(`${from}/`)) ||
          [DOCUMENT, SYSTEMD].some((text) => text.includes(file)),
        file,
      ).toBe(true);
  });

  test('an image is pinned, a service comes back, and none may do more than it must', () => {
    for (const [name, one] of all) {
      if (one.image !== 'suanpan') expect(one.image, name).toMatch(/:v?\d+\.\d+\.\d+(-[a-z]+)?$/);
      expect(one.restart, name).toBe('unless-stopped');
      expect(one.security_opt, name).toContain('no-new-privileges:true');
      expect(one.cap_drop, name).toEqual(['ALL']);
      expect(one.deploy.resources.limits.memory, name).toMatch(/^\d+[mg]$/);
      expect(Number.parseInt(one.stop_grace_period, 10), name).toBeGreaterThanOrEqual(30);
      expect(one.healthcheck.test[0], name).toBe('CMD');
    }
  });

  test('publishes ports of this machine alone', () => {
    const ports = all.flatMap(([, { ports = [] }]) => ports);
    expect(ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:9090:9090', '127.0.0.1:3000:3000']);
  });

  test('an engine without passwords is on a network that leads nowhere, with servers and Prometheus only', () => {
    const open = all.filter(([, { environment }]) => environment?.['KURRENTDB_INSECURE'] === 'true');
    expect(open.map(([name]) => name)).toEqual(['engine', 'node1', 'node2', 'node3']);
    for (const [name, { networks, ports }] of open) {
      expect(
        networks.map((network) => single.networks[network]?.internal),
        name,
      ).toEqual([true]);
      expect(ports, name).toBeUndefined();
    }
    const others = all.filter(([, { networks }]) => networks.includes('store')).map(([name]) => name);
    expect(others).toEqual([...open.map(([name]) => name), ...servers, 'prometheus']);
  });

  test('the document names every variable that can be set', () => {
    const names = new Set([...COMPOSE.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect(DOCUMENT, name).toContain(`\`${name}\``);
  });
});

describe('the servers', () => {
  test('are two, alike but for their volume', () => {
    expect(servers).toEqual(['suanpan1', 'suanpan2']);
    const [first, second] = servers.map((name) => {
      // The second takes the image that the first builds, and looks for it nowhere else.
      const { build, volumes, pull_policy: pull, ...rest } = service(name);
      expect(pull === 'never', name).toBe(build === undefined);
      return { ...rest, at: volumes?.map((volume) => volume.replace(name, 'NAME')), built: build };
    });
    expect({ ...second, built: '.' }).toEqual(first);
    expect(existsSync(new URL('Dockerfile', ROOT))).toBe(true);
  });

  test('cannot be started without a secret and a key', () => {
    for (const name of Object.keys(SECRETS))
      expect(() => composed({ ...SECRETS, [name]: '' })).toThrow(`${name} is not set`);
  });

  test.each(MODES)('are given settings that there are, with good values: %s', (_, env) => {
    const known = new Set<string>(Object.values(SETTINGS).map(([name]) => name));
    for (const name of servers) {
      const environment = composed(env).services[name]?.environment ?? {};
      expect(Object.keys(environment).filter((one) => !known.has(one))).toEqual([]);
      const { secret, adminKey } = readSettings({}, environment);
      expect([secret, adminKey]).toEqual(Object.values(SECRETS));
    }
  });

  test('keep what they derive on their volume', () => {
    for (const name of servers) {
      const folder = service(name).environment?.['SUANPAN_DATA'];
      expect(mounts(service(name))).toEqual([{ from: name, to: folder, mode: 'rw' }]);
    }
  });

  test.each(MODES)('find a store that runs: %s', (_, env) => {
    const store = composed(env).services['suanpan1']?.environment?.['SUANPAN_STORE'] ?? '';
    expect(whereOf(store, '/data')).toMatchObject({ kind: 'engine', base: '/data/ledger' });
    const [, hosts = '', query] = /^esdb:\/\/([^?]+)\?(.+)$/.exec(store) ?? [];
    expect(query).toBe('tls=false');
    const engines = running(env).filter((name) => single.services[name]?.image === service('engine').image);
    expect(hosts.split(',')).toEqual(engines.map((name) => `${name}:2113`));
    expect(running(env)).toEqual(expect.arrayContaining([...servers, 'proxy', 'prometheus', 'grafana']));
  });
});

describe('the cluster', () => {
  const nodes = all.filter(([, { profiles }]) => profiles?.includes('cluster'));

  test('has as many nodes as each of them is told, and each is told of the others', () => {
    expect(nodes.map(([name]) => name)).toEqual(running(CLUSTER).filter((name) => name.startsWith('node')));
    for (const [name, { environment = {} }] of nodes) {
      const others = nodes.map(([other]) => other).filter((other) => other !== name);
      expect(Number(environment['KURRENTDB_CLUSTER_SIZE'])).toBe(nodes.length);
      expect(environment['KURRENTDB_GOSSIP_SEED']).toBe(others.map((other) => `${other}:2113`).join());
      expect(environment['KURRENTDB_NODE_HOST_ADVERTISE_AS']).toBe(name);
      expect(environment['KURRENTDB_REPLICATION_HOST_ADVERTISE_AS']).toBe(name);
    }
  });

  test('runs instead of the single engine', () => {
    expect(running(SINGLE).filter((name) => /^(engine|node\d)$/.test(name))).toEqual(['engine']);
    expect(running(CLUSTER)).not.toContain('engine');
  });
});

/** `http://HOST:PORT/path` in a text. */
const addressesIn = (text: string) =>
  [...text.matchAll(/http:\/\/([\w.]+):(\d+)(\/[\w/-]*)?/g)].map(([, host, port, path]) => ({
    host,
    port,
    path,
  }));

test('what health checks, the proxy and Prometheus ask a server for is answered', async () => {
  const proxy = textOf('deploy/haproxy.cfg');
  const [, ready = ''] = /http-check send meth GET uri (\S+)/.exec(proxy) ?? [];
  const asked = [...textOf('Dockerfile').matchAll(/127\.0\.0\.1:8080(\/\w+)/g)].map(([, path = '']) => path);
  for (const name of servers) {
    const checked = addressesIn(service(name).healthcheck.test.join(' '));
    expect(checked).toEqual([{ host: '127.0.0.1', port: SETTINGS.port[2], path: '/readyz' }]);
    asked.push(...checked.map(({ path = '' }) => path));
  }
  const api = await served();
  try {
    for (const path of [...asked, ready, '/metrics'])
      expect((await fetch(`${api.base}${path}`)).status, path).toBe(200);
  } finally {
    await api.stop();
  }
  expect(asked).toHaveLength(3);
});

test('the proxy knows the servers by their names and ports, and has the health check that it is asked for', () => {
  const text = textOf('deploy/haproxy.cfg');
  const named = [...text.matchAll(/^ {2}server (\w+) (\S+)/gm)].map(([, name, address]) => [name, address]);
  expect(new Set(named.map(String))).toEqual(
    new Set(servers.map((name) => `${name},${name}:${SETTINGS.port[2]}`)),
  );
  const [asked] = addressesIn(service('proxy').healthcheck.test.join(' '));
  expect(text).toMatch(new RegExp(`bind :${asked?.port}\\n +monitor-uri ${asked?.path}\\n`));
  expect(service('proxy').ports).toEqual(['127.0.0.1:8080:8080']);
  expect(text).toContain('bind :8080\n');
});

interface Job {
  readonly job_name: string;
  readonly static_configs?: readonly { readonly targets: readonly string[] }[];
  readonly dns_sd_configs?: readonly { readonly names: readonly string[]; readonly port: number }[];
}
const jobsOf = (text: string): string[] =>
  (parse(text) as { readonly scrape_configs: readonly Job[] }).scrape_configs.map((job) => job.job_name);

test('Prometheus asks every server, the proxy and every engine by names that there are', () => {
  const { scrape_configs: jobs } = parse(textOf('deploy/prometheus.yml')) as {
    readonly scrape_configs: readonly Job[];
  };
  const targets = Object.fromEntries(
    jobs.map(({ job_name: job, static_configs: fixed = [], dns_sd_configs: found = [] }) => [
      job,
      [
        ...fixed.flatMap((config) => config.targets),
        ...found.flatMap(({ names, port }) => names.map((name) => `${name}:${port}`)),
      ],
    ]),
  );
  const engines = all.filter(([, { image }]) => image === service('engine').image);
  expect(targets).toEqual({
    suanpan: servers.map((name) => `${name}:${SETTINGS.port[2]}`),
    proxy: ['proxy:8404'],
    engine: engines.map(([name]) => `${name}:2113`),
  });
  expect(textOf('deploy/haproxy.cfg')).toMatch(
    /bind :8404\n(?: .+\n)* +http-request use-service prometheus-exporter/,
  );
  for (const name of [...servers, 'proxy', ...engines.map(([engine]) => engine)])
    expect(
      service(name).networks.some((network) => service('prometheus').networks.includes(network)),
      name,
    ).toBe(true);
});

describe('Grafana', () => {
  const at = (folder: string) =>
    mounts(service('grafana')).find(({ to }) => to === `/etc/grafana/provisioning/${folder}`)?.from ?? '';
  const provisioned = (folder: string): unknown => {
    const [file = '', ...more] = readdirSync(new URL(at(folder), ROOT));
    expect(more).toEqual([]);
    return parse(textOf(`${at(folder)}/${file}`));
  };
  const dashboard = JSON.parse(textOf('docs/grafana-dashboard.json')) as {
    readonly templating: { readonly list: readonly { name: string; type: string; query: string }[] };
    readonly panels: readonly {
      readonly id: number;
      readonly datasource: { readonly type: string; readonly uid: string };
      readonly targets: readonly { readonly expr: string; readonly legendFormat?: string }[];
    }[];
  };

  test('finds the dashboard where it is mounted, and opens with it', () => {
    const { providers } = provisioned('dashboards') as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const mounted = mounts(service('grafana')).find(
      ({ from }) => from === './docs/grafana-dashboard.json',
    )?.to;
    expect(providers.map(({ options }) => `${options.path}/suanpan.json`)).toEqual([mounted]);
    expect(service('grafana').environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toBe(mounted);
  });

  test('has the source of data that the dashboard chooses from, at the address of Prometheus', () => {
    const { datasources } = provisioned('datasources') as {
      readonly datasources: readonly { type: string; url: string; isDefault: boolean }[];
    };
    const [asked] = addressesIn(service('prometheus').healthcheck.test.join(' '));
    expect(datasources).toMatchObject([
      { type: 'prometheus', isDefault: true, url: `http://prometheus:${asked?.port}` },
    ]);
    expect(dashboard.templating.list).toMatchObject([
      { name: 'source', type: 'datasource', query: 'prometheus' },
    ]);
    for (const { id, datasource } of dashboard.panels)
      expect(datasource, `panel ${id}`).toEqual({ type: 'prometheus', uid: '$' + '{source}' });
  });

  test('asks for jobs that Prometheus has, and tells two servers apart', () => {
    const asked = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const jobs = asked.flatMap((expr) => /job=~"([^"]+)"/.exec(expr)?.[1]?.split('|') ?? []);
    expect(jobs).toEqual(jobsOf(textOf('deploy/prometheus.yml')));
    // What is not summed is one line for each server, and is called by it.
    const single = dashboard.panels
      .flatMap(({ targets }) => targets)
      .filter(({ expr }) => !expr.includes('sum by ('));
    expect(single.length).toBeGreaterThan(5);
    for (const { expr, legendFormat } of single) expect(legendFormat, expr).toContain('{{instance}}');
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});
