// Types `import.meta.glob`, which vite resolves when it builds.

/// <reference types="vite/types/importMeta.d.ts" />
