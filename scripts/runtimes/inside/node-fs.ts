// What of node:fs modules use while they load: the flags that files are opened with.
export const constants = {};
