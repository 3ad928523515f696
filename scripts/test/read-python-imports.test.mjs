import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pythonTargets, readPythonImports } from '../house/read/read-python-imports.mjs';

const files = new Set([
  'src/vergeai/__init__.py',
  'src/vergeai/errors.py',
  'src/vergeai/_models/__init__.py',
  'src/vergeai/_models/layout.py',
  'src/vergeai/_models/read.py',
  'tests/support/__init__.py',
  'tests/support/server.py',
  'tests/test_read.py',
]);

const leading = [
  ['src/vergeai/_models/read.py', `from . import layout`, ['src/vergeai/_models/layout.py']],
  ['src/vergeai/_models/read.py', `from .layout import Layout, DType as D`, ['src/vergeai/_models/layout.py']],
  ['src/vergeai/_models/read.py', `from .layout import (\n    Layout,\n    DType,\n)`, ['src/vergeai/_models/layout.py']],
  ['src/vergeai/_models/read.py', `from .layout import Layout, \\\n    DType`, ['src/vergeai/_models/layout.py']],
  ['src/vergeai/_models/read.py', `from ..errors import ModelError`, ['src/vergeai/errors.py']],
  ['src/vergeai/_models/read.py', `from .. import errors, Client`, ['src/vergeai/errors.py', 'src/vergeai/__init__.py']],
  ['src/vergeai/_models/read.py', `from vergeai.errors import ModelError`, ['src/vergeai/errors.py']],
  ['src/vergeai/_models/read.py', `if TYPE_CHECKING: from .layout import Layout`, ['src/vergeai/_models/layout.py']],
  ['src/vergeai/_models/read.py', `def read():\n    from .layout import Layout`, ['src/vergeai/_models/layout.py']],
  ['src/vergeai/errors.py', `from ._models import Model`, ['src/vergeai/_models/__init__.py']],
  ['tests/test_read.py', `import vergeai`, ['src/vergeai/__init__.py']],
  ['tests/test_read.py', `import json, vergeai.errors as errors`, ['src/vergeai/errors.py']],
  ['tests/test_read.py', `from support.server import start`, ['tests/support/server.py']],
  ['tests/test_read.py', `import json; from support import server`, ['tests/support/server.py']],
];

for (const [file, source, targets] of leading) {
  test(`follows ${JSON.stringify(source)} in ${file}`, () => {
    assert.deepEqual(readPythonImports(source).flatMap((one) => pythonTargets(files, file, one)), targets);
  });
}

for (const source of [`# from . import layout`, `"""\nfrom . import layout\n"""`, `text = 'import vergeai'`, `from __future__ import annotations`, `import numpy as np`]) {
  test(`follows nothing in ${JSON.stringify(source)}`, () => {
    assert.deepEqual(readPythonImports(source).flatMap((one) => pythonTargets(files, 'src/vergeai/_models/read.py', one)), []);
  });
}

test('finds the lines of Python imports', () => {
  const source = `"""About.\n\nfrom . import nothing\n"""\n\nimport os\nfrom . import (\n    layout,\n)\n\n\ndef f():\n    import json\n`;
  assert.deepEqual(readPythonImports(source).map(({ line, module, names }) => `${line} ${[...module, ...names].join(' ')}`), ['6 os', '7 layout', '13 json']);
});
