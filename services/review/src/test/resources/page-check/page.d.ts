// What TypeScript cannot know: elements of the page are what its document says they are, and what
// an event's detail is stands where it is told.

interface Event {
  readonly detail?: any;
}

interface EventTarget {
  [member: string]: any;
}
