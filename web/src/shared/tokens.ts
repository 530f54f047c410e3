let paper: HTMLElement | undefined

/** Reads colours where CSS can't set them: those of the theme that is on, or, for what goes on paper or into a file, the light ones. */
export function tokens(onPaper = false): (token: string) => string {
  if (onPaper && !paper?.isConnected) {
    paper = document.createElement('i')
    paper.className = 'always-light'
    paper.hidden = true
    document.body.append(paper)
  }
  const style = getComputedStyle(onPaper && paper ? paper : document.documentElement)
  return (token) => style.getPropertyValue(`--${token}`).trim()
}
