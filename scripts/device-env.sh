# Source this to run tests by hand on the software GPU: `. scripts/device-env.sh`
# scripts/provision.mjs holds the same facts for `npm test`.
for icd in /usr/share/vulkan/icd.d/lvp_icd.json /usr/share/vulkan/icd.d/lvp_icd.x86_64.json /usr/share/vulkan/icd.d/lvp_icd.aarch64.json; do
  if [ -e "$icd" ]; then export VK_ICD_FILENAMES="${VK_ICD_FILENAMES:-$icd}"; break; fi
done
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/tmp/tsjit-runtime-$(id -u)}"
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
export TSJIT_CHROMIUM="${TSJIT_CHROMIUM:-/usr/bin/chromium}"
export PATH="$PWD/.tools/node_modules/.bin:$PATH"
