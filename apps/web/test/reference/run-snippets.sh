# Runs each snippet, a file by its name, in a shell of its own making, and prints what it answered on one line. The key comes first.
while read -r VERGEAI_API_KEY file; do
  export VERGEAI_API_KEY
  ( . "$file" ) 2>/dev/null | tr -d '\n'
  echo
done
