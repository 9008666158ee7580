// Loaded before the program of every child. When the parent is killed, the pipe that carries the child's stderr breaks
// with it: a child that still has something to say must go on draining, not trip over having said it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
