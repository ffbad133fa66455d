import vue from "eslint-plugin-vue";
import typescript from "typescript-eslint";

export default typescript.config(
  ...typescript.configs.strict,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "vue/multi-word-component-names": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/one-component-per-file": "off",
      "vue/no-v-html": "error",
    },
  },
);
