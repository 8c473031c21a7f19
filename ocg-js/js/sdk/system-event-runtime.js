/** Events for an agent engine's next turn: nobody reads them. (inert) */
export const enqueueRoutedSystemEvent = () => false;
