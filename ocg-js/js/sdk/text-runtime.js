/** Text of older SDK generations (plugin contract §0.2). */
export { parseInlineDirectives } from "ocg:runtime/inline-directives";
